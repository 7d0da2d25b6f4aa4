uniform sampler2D glyphs;

in vec2 glyph;
in vec4 paint;

out vec4 color;

void main() {
    float alpha = paint.a * texture(glyphs, glyph).r;
    color = vec4(encode(paint.rgb) * alpha, alpha);  // premultiplied: right over any picture, or none
}
