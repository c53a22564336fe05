<?php
/**
 * Plugin Name: Mixpanel consent bridge
 * Description: Makes Mixpanel follow the consent plugin of the site. Puts the bridge first in the page's head.
 * Version: 0.1.0
 * Requires at least: 5.5
 * Requires PHP: 7.4
 * License: MIT OR Apache-2.0
 *
 * One file. `bridge.all.js` of the npm package lies beside it: the script tag in one file, because plugins that
 * combine scripts or move them to another host would part it from others. It prints one line as early as a plugin can
 * (`wp_head`, priority 0), as text and not through `wp_enqueue_script()`: plugins that defer or combine
 * scripts move what that prints below Mixpanel's snippet. It stores its settings in one option,
 * `mixpanel_consent_bridge`, and nothing of a visitor.
 */

defined('ABSPATH') || exit;

/** The settings: name => [label, help, choices or null for a text, the default]. */
function mixpanel_consent_bridge_fields(): array
{
    return [
        'cmp' => ['Consent plugin', 'Leave it at “find it” unless two are on your site.', [
            '' => 'find it', 'wp-consent-api' => 'WP Consent API', 'complianz' => 'Complianz', 'cookieyes' => 'CookieYes',
            'webtoffee' => 'GDPR Cookie Consent (WebToffee)', 'borlabs' => 'Borlabs Cookie', 'real-cookie-banner' => 'Real Cookie Banner',
            'cookiebot' => 'Cookiebot', 'onetrust' => 'OneTrust', 'iubenda' => 'iubenda', 'termly' => 'Termly', 'usercentrics' => 'Usercentrics',
        ], ''],
        'category' => ['Category', 'Its name for analytics. Empty: the usual one.', null, ''],
        'token' => ['Project token', 'Only where the consent plugin blocks Mixpanel’s snippet until a yes, or where there is no snippet.', null, ''],
        'pending' => ['Before an answer', '', ['hold' => 'keep calls in memory', 'drop' => 'drop calls', 'cookieless' => 'send events without storage'], 'hold'],
        'denied' => ['After a no', '', ['off' => 'send nothing', 'cookieless' => 'send events without storage'], 'off'],
        'implied' => ['Where a law asks nobody', '', ['accept' => 'Mixpanel runs by default', 'ask' => 'wait for an explicit yes'], 'accept'],
        'gpc' => ['Global Privacy Control', '', ['respect' => 'closes a default', 'strict' => 'closes an explicit yes too', 'ignore' => 'is ignored'], 'respect'],
    ];
}

/** The settings as they are, each one that the field allows. */
function mixpanel_consent_bridge_settings(): array
{
    return mixpanel_consent_bridge_sanitize(get_option('mixpanel_consent_bridge', []));
}

/** What may be stored: known names, with a choice that there is, or a short line of text. */
function mixpanel_consent_bridge_sanitize($given): array
{
    $clean = [];
    foreach (mixpanel_consent_bridge_fields() as $name => [, , $choices, $usual]) {
        $value = is_array($given) && isset($given[$name]) && is_string($given[$name]) ? sanitize_text_field($given[$name]) : $usual;
        $clean[$name] = $choices === null ? substr($value, 0, 200) : (isset($choices[$value]) ? $value : $usual);
    }
    return $clean;
}

/** The line for the page's head; what is as usual is left out. */
function mixpanel_consent_bridge_tag(): string
{
    $attributes = '';
    foreach (mixpanel_consent_bridge_fields() as $name => [, , , $usual]) {
        $value = mixpanel_consent_bridge_settings()[$name];
        if ($value !== $usual && $value !== '') {
            $attributes .= sprintf(' data-%s="%s"', $name, esc_attr($value));
        }
    }
    $latch = apply_filters('mixpanel_consent_bridge_latch', mixpanel_consent_bridge_latch());
    return $latch . sprintf("<script src=\"%s\"%s></script>\n", esc_url(plugins_url('bridge.all.js', __FILE__)), $attributes);
}

/** The latch, which holds Mixpanel shut where bridge.all.js does not arrive: `latch.js` of the npm package, beside this file. */
function mixpanel_consent_bridge_latch(): string
{
    $file = __DIR__ . '/latch.js';
    $script = is_readable($file) ? trim((string) file_get_contents($file)) : '';
    return $script === '' ? '' : '<script>' . $script . "</script>\n";
}

add_action('wp_head', function () {
    // Each value is escaped where it is put in.
    echo mixpanel_consent_bridge_tag(); // phpcs:ignore WordPress.Security.EscapeOutput
}, 0);

add_action('admin_init', function () {
    register_setting('mixpanel_consent_bridge', 'mixpanel_consent_bridge', [
        'type' => 'array',
        'sanitize_callback' => 'mixpanel_consent_bridge_sanitize',
        'default' => [],
    ]);
});

add_action('admin_menu', function () {
    add_options_page('Mixpanel consent', 'Mixpanel consent', 'manage_options', 'mixpanel-consent-bridge', 'mixpanel_consent_bridge_page');
});

add_filter('plugin_action_links_' . plugin_basename(__FILE__), function ($links) {
    array_unshift($links, sprintf('<a href="%s">%s</a>', esc_url(admin_url('options-general.php?page=mixpanel-consent-bridge')), 'Settings'));
    return $links;
});

// The WP Consent API names, under Site Health, the plugins that do not say that they follow it. This one does.
add_filter('wp_consent_api_registered_' . plugin_basename(__FILE__), '__return_true');

/** The settings page. */
function mixpanel_consent_bridge_page(): void
{
    if (!current_user_can('manage_options')) {
        return;
    }
    $settings = mixpanel_consent_bridge_settings();
    echo '<div class="wrap"><h1>Mixpanel consent</h1>';
    if (!is_readable(__DIR__ . '/bridge.all.js')) {
        echo '<div class="notice notice-error"><p>bridge.all.js is missing: copy dist/bridge.all.js of the npm package into the plugin’s folder. Until then Mixpanel is not gated.</p></div>';
    }
    echo '<form method="post" action="options.php">';
    settings_fields('mixpanel_consent_bridge');
    echo '<table class="form-table" role="presentation">';
    foreach (mixpanel_consent_bridge_fields() as $name => [$label, $help, $choices]) {
        printf('<tr><th scope="row"><label for="mcb-%1$s">%2$s</label></th><td>', esc_attr($name), esc_html($label));
        if ($choices === null) {
            printf('<input class="regular-text" id="mcb-%1$s" name="mixpanel_consent_bridge[%1$s]" value="%2$s">', esc_attr($name), esc_attr($settings[$name]));
        } else {
            printf('<select id="mcb-%1$s" name="mixpanel_consent_bridge[%1$s]">', esc_attr($name));
            foreach ($choices as $value => $text) {
                printf('<option value="%s"%s>%s</option>', esc_attr($value), $value === $settings[$name] ? ' selected' : '', esc_html($text));
            }
            echo '</select>';
        }
        if ($help !== '') {
            printf('<p class="description">%s</p>', esc_html($help));
        }
        echo '</td></tr>';
    }
    echo '</table>';
    submit_button();
    echo '</form></div>';
}
