// What parts, slices and the volume have in common. Colours are linear here.

uniform vec4 cut;            // taken away where dot(xyz, p) > w
uniform int spots;           // areas of concern
uniform vec4 spot[8];        // place, radius, m
uniform vec4 spot_color[8];  // linear RGB, strength

// Inverse of encode() in display.glsl (IEC 61966-2-1).
vec3 decode(vec3 code) {
    vec3 high = pow((code + 0.055) / 1.055, vec3(2.4));
    return mix(high, code / 12.92, lessThanEqual(code, vec3(0.04045)));
}

bool cut_away(vec3 p) {
    return dot(cut.xyz, p) > cut.w;
}

// A surface or a slice that runs through an area of concern: a tint, and a line at its border.
vec3 with_spots(vec3 base, vec3 p) {
    for (int i = 0; i < spots; ++i) {
        float d = distance(p, spot[i].xyz) / spot[i].w;
        float blur = fwidth(d) + 1e-4;
        float inside = 1.0 - smoothstep(1.0 - blur, 1.0 + blur, d);
        float line = smoothstep(0.90 - blur, 0.90 + blur, d);
        base = mix(base, spot_color[i].rgb, inside * spot_color[i].a * mix(0.2, 1.0, line));
    }
    return base;
}

// A lamp over the left shoulder of who looks, one at the eye, and light from all around.
vec3 lit_from_eye(vec3 base, vec3 n, vec3 v, float gloss) {
    vec3 right = normalize(vec3(clip_from_world[0][0], clip_from_world[1][0], clip_from_world[2][0]));
    vec3 up = normalize(vec3(clip_from_world[0][1], clip_from_world[1][1], clip_from_world[2][1]));
    vec3 l = normalize(v + 0.75 * up - 0.55 * right);
    float key = max((dot(n, l) + 0.15) / 1.15, 0.0);
    float front = max(dot(n, v), 0.0);
    float sky = 0.5 + 0.5 * dot(n, up);
    vec3 h = normalize(l + v);
    float shine = gloss * pow(max(dot(n, h), 0.0), 40.0);
    return base * (0.10 + 0.12 * sky + 0.72 * key + 0.25 * front) + shine;
}
