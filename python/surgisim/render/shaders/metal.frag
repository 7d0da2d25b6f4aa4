// Steel that mirrors the body around it, and dull plastic.
uniform vec3 axis;   // of the instrument, towards the hand
uniform vec4 base;   // linear RGB; w: 1 for metal, 0 for plastic
uniform vec2 rough;  // along the axis and across it
uniform float dim;

in vec3 position;
in vec3 normal;

out vec4 color;

// GGX lobe that is wider along t than across it (Burley 2012), times n.l.
float brushed_glint(vec3 n, vec3 t, vec3 l, vec3 v) {
    vec3 h = normalize(l + v), b = cross(n, t);
    vec2 a = rough * rough;
    float x = dot(h, t) / a.x, y = dot(h, b) / a.y, z = max(dot(h, n), 0.0);
    float d = x * x + y * y + z * z;
    return 0.25 / (3.14159265 * a.x * a.y * d * d) * max(dot(n, l), 0.0) / max(dot(n, v), 0.25);
}

void main() {
    vec3 n = normalize(normal);
    vec3 v = normalize(eye.xyz - position);
    vec3 t = axis - n * dot(axis, n);
    t = dot(t, t) > 1e-4 ? normalize(t) : normalize(cross(n, vec3(0.31, 0.72, 0.62)));
    vec3 r = reflect(-v, n);
#if SOFTWARE
    float open_ = 1.0;
#else
    float open_ = unoccluded();
#endif
    // red tissue below and around, paler above; the scope's own bright ring where it faces the eye
    vec3 around = mix(vec3(0.030, 0.009, 0.006), vec3(0.115, 0.080, 0.068), smoothstep(-0.5, 0.9, r.y));
    around += vec3(0.16, 0.15, 0.14) * smoothstep(0.35, 0.95, dot(n, v));
    around *= mix(1.0, 0.75, rough.y);
    vec3 mirror = mix(vec3(0.04), base.rgb, base.w);
    vec3 scatter = base.rgb * (1.0 - base.w);
    vec3 sum = (mix(mirror, vec3(1.0), fresnel(dot(n, v)) * (1.0 - rough.y)) * around + scatter * ambient.rgb) * open_;
    for (int i = 0; i < 2; ++i) {
        vec3 to = light_position[i].xyz - position;
        float d2 = dot(to, to);
        vec3 l = to * inversesqrt(d2);
        vec3 power = light_color[i].rgb * lamp(i, d2);
#if !SOFTWARE
        if (i == int(shadow.x)) power *= lit_by(i, position, n);
#endif
        sum += power * (scatter * max(dot(n, l), 0.0) + mirror * 1.7 * brushed_glint(n, t, l, v));
    }
    sum = mix(sum, vec3(0.25, 0.27, 0.30), dim);
    color = vec4(finish(sum), 1.0);
}
