___TERMS_OF_SERVICE___

By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.


___INFO___

{
  "type": "TAG",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "Mixpanel consent bridge",
  "categories": ["ANALYTICS"],
  "brand": { "id": "brand_dummy", "displayName": "mixpanel-consent-bridge" },
  "description": "Makes Mixpanel follow the consent manager of the site: nothing before a yes, nothing after a no.",
  "containerContexts": ["WEB"]
}


___TEMPLATE_PARAMETERS___

[
  {
    "type": "TEXT",
    "name": "scriptUrl",
    "displayName": "Address of bridge.all.js",
    "simpleValueType": true,
    "help": "Your own copy of the tag in one file. Its host must be among the template's permissions (Injects Scripts).",
    "valueValidators": [{ "type": "REGEX", "args": ["^https://[^#]+$"] }]
  },
  {
    "type": "TEXT",
    "name": "libraryUrl",
    "displayName": "Address of Mixpanel's library",
    "simpleValueType": true,
    "help": "Your own copy of mixpanel.min.js, fetched after a yes alone. Empty: Mixpanel's CDN.",
    "valueValidators": [{ "type": "REGEX", "args": ["^(https://[^#]+)?$"] }]
  },
  {
    "type": "TEXT",
    "name": "token",
    "displayName": "Mixpanel project token",
    "simpleValueType": true,
    "valueValidators": [{ "type": "NON_EMPTY" }]
  },
  {
    "type": "TEXT",
    "name": "cmp",
    "displayName": "Consent manager",
    "simpleValueType": true,
    "help": "Its id in the documentation's list; empty looks for all of them."
  },
  {
    "type": "TEXT",
    "name": "category",
    "displayName": "Its category for analytics",
    "simpleValueType": true,
    "help": "Empty for the usual one."
  },
  {
    "type": "SELECT",
    "name": "implied",
    "displayName": "A default that nobody chose",
    "simpleValueType": true,
    "selectItems": [
      { "value": "accept", "displayValue": "opens as much as a yes" },
      { "value": "ask", "displayValue": "opens nothing" }
    ],
    "defaultValue": "accept"
  },
  {
    "type": "TEXT",
    "name": "apiHost",
    "displayName": "api_host",
    "simpleValueType": true,
    "help": "For instance https://api-eu.mixpanel.com; empty for Mixpanel's own choice."
  },
  {
    "type": "CHECKBOX",
    "name": "pageViews",
    "checkboxText": "Send page views",
    "simpleValueType": true,
    "defaultValue": true
  }
]


___SANDBOXED_JS_FOR_WEB_TEMPLATE___

const encodeUriComponent = require('encodeUriComponent');
const injectScript = require('injectScript');
const JSON = require('JSON');
const logToConsole = require('logToConsole');
const queryPermission = require('queryPermission');

const config = {};
if (data.apiHost) config.api_host = data.apiHost;
if (data.pageViews) config.track_pageview = true;

// injectScript() gives a script no attributes, so the options go behind its address.
const options = ['config=' + encodeUriComponent(JSON.stringify(config))];
['token', 'cmp', 'category', 'implied'].forEach((name) => {
  if (data[name]) options.push(name + '=' + encodeUriComponent(data[name]));
});
if (data.libraryUrl) options.push('sdk=' + encodeUriComponent(data.libraryUrl));
const address = data.scriptUrl + '#' + options.join('&');

if (queryPermission('inject_script', address)) {
  injectScript(address, data.gtmOnSuccess, data.gtmOnFailure, data.scriptUrl);
} else {
  logToConsole('mixpanel-consent-bridge: the template may not load ' + data.scriptUrl + '; add it to the permission "Injects Scripts", with a * at its end');
  data.gtmOnFailure();
}


___WEB_PERMISSIONS___

[
  {
    "instance": {
      "key": { "publicId": "logging", "versionId": "1" },
      "param": [{ "key": "environments", "value": { "type": 1, "string": "debug" } }]
    },
    "clientAnnotations": { "isEditedByUser": true },
    "isRequired": true
  },
  {
    "instance": {
      "key": { "publicId": "inject_script", "versionId": "1" },
      "param": [
        {
          "key": "urls",
          "value": { "type": 2, "listItem": [{ "type": 1, "string": "https://www.example.com/bridge.all.js*" }] }
        }
      ]
    },
    "clientAnnotations": { "isEditedByUser": true },
    "isRequired": true
  }
]


___TESTS___

scenarios: []


___NOTES___

Set the permission "Injects Scripts" to the address of your copy of bridge.all.js, with a * at its end for the options behind it.
