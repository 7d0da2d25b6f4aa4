uniform sampler2D glyphs;

in vec2 glyph;
in vec4 paint;

out vec4 color;

void main() {
    color = vec4(encode(paint.rgb), paint.a * texture(glyphs, glyph).r);
}
