//! Product: Shopify Customer Privacy API
//! Vendor: Shopify
//! Documentation: <https://shopify.dev/docs/api/customer-privacy>
//! Versions: consent-tracking-api 0.1
//! Detected by: `Shopify.customerPrivacy.currentVisitorConsent()`
//! Explicit choice: the visitor's consent to a purpose is `yes` or `no`
//! Implied: none given, and the merchant's settings and the region allow, or show no banner and do not allow; a yes that is not honoured (a signal of the browser) is closed
//! Expired: cannot be told; the consent is empty then
//! Categories: `analytics`; also `marketing`, `preferences`, `sale_of_data`
//! Limits: the site must load the feature (`Shopify.loadFeatures`); checkout and pixels live in a sandbox with another API; its cookie is being retired and is not read
//! Confidence: high (documentation, official types; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// The Shopify Customer Privacy API.
pub static ADAPTER: Adapter = Adapter {
    id: "shopify",
    rank: Rank::Vendor,
    category: "analytics",
    page: r#"
[["g","Shopify.customerPrivacy.analyticsProcessingAllowed()"],
["g","Shopify.customerPrivacy.currentVisitorConsent()"],
["g","Shopify.customerPrivacy.shouldShowBanner()"]],
[["d","visitorConsentCollected"],
["d","shopifyCustomerPrivacyApiLoaded"]]"#,
    reader: Reader::Rules(
        "
+ b.analytics~yes a=false > dd b.analytics 'analytics + ; GD b @ .~yes~no ; all u
+ b.analytics~yes !a=true > unreadable
+ b.analytics~yes|b.analytics~no > GD b @ .~yes~no ; all u
+ b.analytics~ a=true > gu b.analytics 'analytics + ; GD b @ .~yes~no ; all u
+ b.analytics~ a=false c=false > dd b.analytics 'analytics + ; GD b @ .~yes~no ; all u
+ b.analytics~ > GD b @ .~yes~no ; all u
+ b.analytics~ > all u
+ b > unreadable
",
    ),
};
