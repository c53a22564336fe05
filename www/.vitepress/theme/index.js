// The generator's own theme, with this site's five parts of a page and a style sheet.

import DefaultTheme from 'vitepress/theme-without-fonts';
import Builder from './Builder.vue';
import Flow from './Flow.vue';
import Hero from './Hero.vue';
import Inspector from './Inspector.vue';
import SideBySide from './SideBySide.vue';
import './style.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    for (const [name, part] of Object.entries({ Builder, Flow, Hero, Inspector, SideBySide })) app.component(name, part);
  },
};
