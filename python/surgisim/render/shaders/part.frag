// A part of an exhibit: solid, or glass that is laid over what was drawn before.
uniform vec4 paint;  // linear RGB, opacity
uniform bool glass;

in vec3 position;
in vec3 normal;

out vec4 color;

void main() {
    if (cut_away(position)) discard;
    vec3 v = normalize(eye.xyz - position);
    vec3 n = normalize(normal);
    if (!gl_FrontFacing) n = -n;
    vec3 base = with_spots(paint.rgb, position);
    vec3 light = lit_from_eye(base, n, v, glass ? 0.10 : 0.06);
    if (!glass) {
        color = vec4(encode(light), 1.0);
        return;
    }
    // more glass is crossed at grazing angles
    float a = 1.0 - pow(1.0 - paint.a, 1.0 / max(abs(dot(n, v)), 0.25));
    color = vec4(light * a, a);
}
