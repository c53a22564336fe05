//! The parts of Mixpanel that a site may tie to different categories.

/// A part of Mixpanel that opens and closes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Feature {
    /// Events: `track`, page views, autocapture. The state of the bridge is this one's.
    Tracking,
    /// Session recording and heatmaps.
    Replay,
    /// Who the person is: `identify`, `alias`, `people`, groups.
    Profile,
    /// Feature flags.
    Flags,
}

impl Feature {
    /// Every feature, in the order of a [`PerFeature`].
    pub const ALL: [Feature; 4] =
        [Feature::Tracking, Feature::Replay, Feature::Profile, Feature::Flags];

    /// The key that the option `category` has for this feature.
    pub const fn name(self) -> &'static str {
        match self {
            Feature::Tracking => "tracking",
            Feature::Replay => "replay",
            Feature::Profile => "profile",
            Feature::Flags => "flags",
        }
    }
}

/// One value for each [`Feature`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PerFeature<T>([T; 4]);

impl<T: Copy> PerFeature<T> {
    /// The same value for all.
    pub const fn all(value: T) -> Self {
        PerFeature([value; 4])
    }

    /// A value computed for each.
    pub fn of(mut f: impl FnMut(Feature) -> T) -> Self {
        let [tracking, replay, profile, flags] = Feature::ALL;
        PerFeature([f(tracking), f(replay), f(profile), f(flags)])
    }

    /// The value of one.
    #[expect(clippy::indexing_slicing, reason = "there are as many values as features")]
    pub fn get(&self, feature: Feature) -> T {
        self.0[feature as usize]
    }
}
