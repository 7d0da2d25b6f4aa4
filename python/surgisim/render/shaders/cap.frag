// The face that a cut leaves in solid parts: the image's grey, tinted with the part's colour.
uniform sampler2D winding;
uniform sampler2D palette;  // a texel for each part: linear RGB
uniform bool identity;      // write number and place instead of a colour

in vec3 position;

out vec4 color;

// Number of the part at this pixel; with two that overlap the later one. Of numbers a and b the
// sums s = a + b and q = a^2 + b^2 are known: the larger is (s + sqrt(2 q - s^2)) / 2.
int part_here() {
    vec4 sum = texelFetch(winding, ivec2(gl_FragCoord.xy), 0);
    int count = int(round(sum.x));
    if (count < 1) return -1;
    if (count == 1) return int(round(sum.y));
    if (count == 2) return int(round(0.5 * (sum.y + sqrt(max(2.0 * sum.z - sum.y * sum.y, 0.0)))));
    return int(round(sum.y / sum.x));
}

void main() {
    int number = part_here();
    if (number < 1 || number > textureSize(palette, 0).x) discard;
    if (identity) {
        color = vec4(float(number), position);
        return;
    }
    vec3 paint = texelFetch(palette, ivec2(number - 1, 0), 0).rgb;
    vec3 face = 0.75 * paint;
    vec3 t = place_in_image(position);
    if (has_image && !outside_image(t)) {
        vec3 hue = paint / max(max(paint.r, paint.g), max(paint.b, 1e-3));
        face = decode(vec3(grey_of(value_at(t)))) * mix(vec3(1.0), hue, 0.45) + 0.03 * hue;
    }
    color = vec4(encode(with_spots(face, position)), 1.0);
}
