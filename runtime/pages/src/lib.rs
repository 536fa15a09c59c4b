//! Draws a page view and a verdict as HTML, one way for every plane.
