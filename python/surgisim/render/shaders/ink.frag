// What is written on tissue: drawn over the tissue's own triangles, bound to the rest position.
uniform sampler2D glyphs;
uniform vec4 center;      // rest, m; w: radius, m
uniform vec3 right;       // tangent frame at rest
uniform vec3 up;
uniform vec4 ink;         // linear RGB, strength
uniform int digits;       // how many, 0 for a highlight
uniform vec4 digit_box[3];

in vec3 position;
in vec3 normal;
in vec2 coat;
in vec4 rest;

out vec4 color;

void main() {
    vec3 offset = (rest.xyz - center.xyz) / center.w;
    float d = length(offset);
    float blur = fwidth(d) + 0.02;
    float inside = 1.0 - smoothstep(1.0 - blur, 1.0 + blur, d);
    if (inside <= 0.0) discard;
    vec3 n = normalize(normal);
    vec3 l = normalize(light_position[0].xyz - position);
    float d2 = dot(light_position[0].xyz - position, light_position[0].xyz - position);
    float lit = lamp(0, d2) * (0.35 + 0.65 * max(dot(n, l), 0.0)) * lit_by(0, position, n);
    if (digits == 0) {
        float ring = smoothstep(0.78, 0.92, d);
        color = vec4(finish(ink.rgb * (0.25 + 0.75 * lit)), inside * ink.a * mix(0.45, 1.0, ring));
        return;
    }
    float rim = smoothstep(0.80, 0.86, d);
    vec3 paint = mix(ink.rgb, vec3(0.75, 0.78, 0.85), rim);
    vec2 uv = vec2(dot(offset, right), dot(offset, up));
    float width = 0.62;
    float place = uv.x / width + 0.5 * float(digits);
    int which = int(floor(place));
    if (which >= 0 && which < digits && abs(uv.y) < 0.62) {
        vec2 cell = vec2(fract(place), 0.5 - uv.y / 1.24);
        paint = mix(paint, vec3(0.95), texture(glyphs, mix(digit_box[which].xy, digit_box[which].zw, cell)).r);
    }
    vec3 v = normalize(eye.xyz - position);
    vec3 sum = paint * lit + 0.02 * lit * glint(n, l, v, 0.3);
    color = vec4(finish(sum), inside * ink.a);
}
