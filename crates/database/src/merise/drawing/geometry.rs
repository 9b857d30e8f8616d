//! Points, segments and rectangles, in pixels; y goes down.

/// A point, in pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    pub(super) fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The point at `t` of the way to `other`.
    pub(super) fn toward(self, other: Self, t: f64) -> Self {
        Self::new(
            self.x + (other.x - self.x) * t,
            self.y + (other.y - self.y) * t,
        )
    }

    pub(super) fn distance(self, other: Self) -> f64 {
        (other.x - self.x).hypot(other.y - self.y)
    }
}

/// A straight line between two points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Segment {
    pub(super) from: Point,
    pub(super) to: Point,
}

impl Segment {
    /// True when the two cross, their ends aside.
    #[cfg(test)]
    pub(super) fn crosses(self, other: Self) -> bool {
        let side = |of: Self, point: Point| {
            (of.to.x - of.from.x) * (point.y - of.from.y)
                - (of.to.y - of.from.y) * (point.x - of.from.x)
        };
        side(self, other.from) * side(self, other.to) < 0.0
            && side(other, self.from) * side(other, self.to) < 0.0
    }
}

/// A rectangle whose sides are upright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rectangle {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rectangle {
    pub(super) fn around(center: Point, width: f64, height: f64) -> Self {
        Self {
            left: center.x - width / 2.0,
            top: center.y - height / 2.0,
            right: center.x + width / 2.0,
            bottom: center.y + height / 2.0,
        }
    }

    pub(super) fn width(self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn center(self) -> Point {
        Point::new(
            f64::midpoint(self.left, self.right),
            f64::midpoint(self.top, self.bottom),
        )
    }

    /// The rectangle with `margin` more on every side, or less when it is negative.
    pub(super) fn grown(self, margin: f64) -> Self {
        Self {
            left: self.left - margin,
            top: self.top - margin,
            right: self.right + margin,
            bottom: self.bottom + margin,
        }
    }

    #[cfg(test)]
    pub(super) fn contains(self, other: Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && self.right >= other.right
            && self.bottom >= other.bottom
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// The part of a segment inside of the rectangle, as shares of its length (Liang–Barsky).
    pub(super) fn clip(self, segment: Segment) -> Option<(f64, f64)> {
        let (dx, dy) = (segment.to.x - segment.from.x, segment.to.y - segment.from.y);
        let sides = [
            (-dx, segment.from.x - self.left),
            (dx, self.right - segment.from.x),
            (-dy, segment.from.y - self.top),
            (dy, self.bottom - segment.from.y),
        ];

        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (direction, distance) in sides {
            if direction == 0.0 {
                if distance < 0.0 {
                    return None;
                }
            } else if direction < 0.0 {
                enter = enter.max(distance / direction);
            } else {
                leave = leave.min(distance / direction);
            }
        }
        (enter < leave).then_some((enter, leave))
    }

    /// The nearest point of the rectangle, `inset` away from its corners.
    pub(super) fn nearest(self, point: Point, inset: f64) -> Point {
        let inner = self.grown(-inset);
        Point::new(
            point.x.clamp(inner.left, inner.right),
            point.y.clamp(inner.top, inner.bottom),
        )
    }
}
