// How much of a lamp reaches a place, and how much of the body's own light.

// Place in a picture of this view, 0 to 1.
vec2 on_screen() { return (gl_FragCoord.xy - viewport.xy) / viewport.zw; }

#if SOFTWARE

float lit_by(int i, vec3 p, vec3 n) { return unshadowed(p, light_position[i].xyz); }

float unoccluded() { return 1.0; }

#else

uniform sampler2D occlusion;

float unoccluded() { return texture(occlusion, on_screen()).r; }

// Interleaved gradient noise (Jimenez 2014): turns the samples from pixel to pixel.
float dither() { return fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))); }

// Sample k of n on Vogel's (1979) spiral over the unit disc, turned by `turn` rad.
vec2 on_disc(int k, float n, float turn) {
    float a = 2.39996323 * float(k) + turn;
    return sqrt((float(k) + 0.5) / n) * vec2(cos(a), sin(a));
}

#if HIGH
uniform sampler2D shadow_map;

const float LAMP_RADIUS = 0.007;  // m

// Distance from the lamp along its axis, m, of a stored depth.
float lamp_depth(float stored) { return shadow.z * shadow.w / (shadow.w - stored * (shadow.w - shadow.z)); }

// Percentage-closer soft shadows (Fernando 2005): blockers at mean depth b before a place at z
// throw a penumbra of LAMP_RADIUS (z - b) / b.
float mapped(vec3 c, float z) {
    float turn = 6.2831853 * dither();
    float uv_per_m = 0.5 / (shadow.y * z);
    float sum = 0.0, count = 0.0;
    for (int k = 0; k < 16; ++k) {
        vec2 at = c.xy + on_disc(k, 16.0, turn) * LAMP_RADIUS * uv_per_m;
        float d = texture(shadow_map, at).r;
        if (d < c.z) { sum += lamp_depth(d); count += 1.0; }
    }
    if (count == 0.0) return 1.0;
    float blocker = sum / count;
    float texel = 1.0 / float(textureSize(shadow_map, 0).x);
    float radius = max(LAMP_RADIUS * (z - blocker) / blocker * uv_per_m, 1.5 * texel);
    float free = 0.0;
    for (int k = 0; k < 32; ++k) free += step(c.z, texture(shadow_map, c.xy + radius * on_disc(k, 32.0, turn)).r);
    return free / 32.0;
}
#else
uniform sampler2DShadow shadow_map;

// Percentage-closer filtering (Reeves et al. 1987) over a fixed disc.
float mapped(vec3 c, float z) {
    float turn = 6.2831853 * dither();
    float radius = 2.8 / float(textureSize(shadow_map, 0).x);
    float free = 0.0;
    for (int k = 0; k < 12; ++k) free += texture(shadow_map, vec3(c.xy + radius * on_disc(k, 12.0, turn), c.z));
    return free / 12.0;
}
#endif

// Light of lamp i that reaches p: by the shadow map, or by the first instrument's shape alone. The
// rest is what tissue all around throws back into a shadow.
float lit_by(int i, vec3 p, vec3 n) {
    if (i != int(shadow.x)) return unshadowed(p, light_position[i].xyz);
    vec3 to = light_position[i].xyz - p;
    float slant = 1.0 - max(dot(n, normalize(to)), 0.0);
    vec4 clip = lamp_from_world * vec4(p + n * (0.0004 + 0.0012 * slant), 1.0);
    vec3 c = clip.xyz / clip.w * 0.5 + 0.5;
    vec2 rim = abs(c.xy - 0.5);
    if (clip.w <= 0.0 || max(rim.x, rim.y) > 0.5 || c.z > 1.0) return 1.0;
    float known = smoothstep(0.5, 0.47, max(rim.x, rim.y));
    return mix(1.0, mix(0.06, 1.0, mapped(c - vec3(0.0, 0.0, 2e-5), clip.w)), known);
}

#endif

