uniform vec2 size;  // of the viewport, px

in vec2 in_pixel;  // from the upper left corner
in vec2 in_glyph;
in vec4 in_color;  // linear RGB, opacity

out vec2 glyph;
out vec4 paint;

void main() {
    glyph = in_glyph;
    paint = in_color;
    gl_Position = vec4(in_pixel.x / size.x * 2.0 - 1.0, 1.0 - in_pixel.y / size.y * 2.0, 0.0, 1.0);
}
