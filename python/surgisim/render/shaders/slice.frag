// The image where a plane meets it.
uniform float opacity;
uniform bool glass;
uniform bool hollow;        // leave values below `empty_below` out
uniform float empty_below;

in vec3 position;

out vec4 color;

void main() {
    vec3 t = place_in_image(position);
    if (outside_image(t) || cut_away(position)) discard;
    float value = value_at(t);
    if (hollow && value < empty_below) discard;
    vec3 code = vec3(grey_of(value));
    if (spots > 0) code = encode(with_spots(decode(code), position));
    color = glass ? vec4(decode(code) * opacity, opacity) : vec4(code, 1.0);
}
