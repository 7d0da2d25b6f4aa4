// Light on wet things. All colours are linear; display.glsl encodes them.

// Strength of lamp i at a squared distance: inverse square, held back near the lamp as a scope's
// automatic exposure does.
float lamp(int i, float d2) {
    float w = light_position[i].w;
    return 1.3 * w / (d2 + 0.3 * light_color[i].w);
}

// Lambert's cosine wrapped around the terminator, a stand-in for light that travels under the
// surface: (n.l + w) / (1 + w), w per colour channel (red travels farthest).
vec3 wrapped(float cosine, vec3 w) {
    return max((cosine + w) / ((1.0 + w) * (1.0 + w)), 0.0);
}

// GGX lobe (Walter et al. 2007) with the visibility approximation of Karis (2013), times n.l.
float glint(vec3 n, vec3 l, vec3 v, float roughness) {
    vec3 h = normalize(l + v);
    float nl = max(dot(n, l), 0.0);
    float nh = dot(n, h);
    float nv = max(dot(n, v), 0.05);
    float a = roughness * roughness;
    float a2 = a * a;
    float d = nh * nh * (a2 - 1.0) + 1.0;
    float k = 0.5 * a;
    float visibility = 0.25 / ((nl * (1.0 - k) + k) * (nv * (1.0 - k) + k));
    return a2 / (3.14159265 * d * d) * visibility * nl;
}

// Schlick (1994) with the reflectance of tissue fluid, n = 1.38.
float fresnel(float cosine) {
    float m = clamp(1.0 - cosine, 0.0, 1.0);
    float m2 = m * m;
    return 0.025 + 0.975 * m2 * m2 * m;
}

// How much of a small lamp at `light` the instrument leaves over for `p`: nearest distance between
// the segment to the lamp and the capsule's axis, softened with the distance from the blocker.
float unshadowed(vec3 p, vec3 light) {
    if (ball.w <= 0.0) return 1.0;
    vec3 d1 = light - p;
    vec3 d2 = shaft.xyz - ball.xyz;
    vec3 r = p - ball.xyz;
    float a = dot(d1, d1);
    float e = dot(d2, d2);
    float f = dot(d2, r);
    float c = dot(d1, r);
    float b = dot(d1, d2);
    float s = clamp((b * f - c * e) / max(a * e - b * b, 1e-9), 0.0, 1.0);
    float t = clamp((b * s + f) / e, 0.0, 1.0);
    s = clamp((b * t - c) / a, 0.0, 1.0);
    float gap = length(r + d1 * s - d2 * t) - mix(shaft.w, ball.w, step(t, 0.0));
    float soft = 0.0008 + 0.10 * s * sqrt(a);
    return mix(0.12, 1.0, smoothstep(-soft, soft, gap));
}

// Darkening by the ball itself where it touches.
float near_ball(vec3 p) {
    if (ball.w <= 0.0) return 1.0;
    float gap = max(length(p - ball.xyz) - ball.w, 0.0);
    return 1.0 - 0.6 * exp(-gap / (0.7 * ball.w));
}

// Colour of light that has come through a margin of thickness t, m, per unit of light on its far
// side: exp(-t / L), with a mean free path L that is longest for red.
vec3 through_margin(float t, vec3 base) {
    return sqrt(base) * exp(-t * vec3(150.0, 420.0, 520.0));
}
