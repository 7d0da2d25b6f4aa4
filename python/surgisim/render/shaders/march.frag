// Volume rendering: emission and absorption along the ray (Max 1995, "Optical models for direct
// volume rendering"), front to back. With extinction s and colour c of a sample, step d and the
// light T that is still let through: C += T (1 - exp(-s d)) c, T *= exp(-s d).
// Output is linear light, multiplied by its opacity.
uniform mat4 world_from_clip;
uniform sampler2D transfer;    // linear RGB, extinction per mm
uniform sampler3D occupied;    // blocks of 8 voxels that are not all invisible
uniform sampler2D solid_depth;
uniform vec2 depth_scale;      // texels of it for each pixel here
uniform float step_m;
uniform float density;
uniform float boundary;        // value change per mm of a boundary in full, 0: none needed

in vec2 corner;

out vec4 color;

const float BLOCK = 8.0;
#if SOFTWARE
const float END = 0.03;
#else
const float END = 0.01;
#endif

vec3 from_clip(vec3 clip) {
    vec4 p = world_from_clip * vec4(clip, 1.0);
    return p.xyz / p.w;
}

// Where a ray runs inside of the unit box and of the half space that the cut leaves.
vec2 span(vec3 start, vec3 way, vec3 t0, vec3 dt, float end) {
    vec3 a = -t0 / dt;
    vec3 b = (1.0 - t0) / dt;
    vec3 low = min(a, b);
    vec3 high = max(a, b);
    vec2 s = vec2(max(max(low.x, low.y), max(low.z, 0.0)), min(min(high.x, high.y), min(high.z, end)));
    float across = dot(cut.xyz, way);
    float over = cut.w - dot(cut.xyz, start);
    if (across > 0.0) s.y = min(s.y, over / across);
    else if (across < 0.0) s.x = max(s.x, over / across);
    else if (over < 0.0) s.y = -1.0;
    return s;
}

// Interleaved gradient noise (Jimenez 2014): starts differ from pixel to pixel, without randomness.
float jitter() {
    return fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
}

// Value change per millimetre, in the world: over three voxels, since the slope of a trilinear
// field between two of them jumps at each voxel and would draw rings on smooth skin.
vec3 slope_at(vec3 t, float value) {
    vec3 h = 1.5 / vec3(textureSize(image, 0));
#if SOFTWARE
    vec3 d = vec3(texture(image, t + vec3(h.x, 0.0, 0.0)).r, texture(image, t + vec3(0.0, h.y, 0.0)).r,
                  texture(image, t + vec3(0.0, 0.0, h.z)).r) - value;
#else
    vec3 d = 0.5 * vec3(texture(image, t + vec3(h.x, 0.0, 0.0)).r - texture(image, t - vec3(h.x, 0.0, 0.0)).r,
                        texture(image, t + vec3(0.0, h.y, 0.0)).r - texture(image, t - vec3(0.0, h.y, 0.0)).r,
                        texture(image, t + vec3(0.0, 0.0, h.z)).r - texture(image, t - vec3(0.0, 0.0, h.z)).r);
#endif
    return transpose(mat3(texture_from_world)) * (d / h) * (image_range.y - image_range.x) * 1e-3;
}

vec4 transferred(float share) {
    return texture(transfer, vec2((share * 1023.0 + 0.5) / 1024.0, 0.5));
}

void main() {
    vec3 way = normalize(from_clip(vec3(corner, 1.0)) - eye.xyz);
    float solid = texelFetch(solid_depth, ivec2(gl_FragCoord.xy * depth_scale), 0).r;
    vec3 stop = from_clip(vec3(corner, 2.0 * solid - 1.0));
    float end = solid < 1.0 ? dot(stop - eye.xyz, way) : 1e9;
    vec3 t0 = place_in_image(eye.xyz);
    vec3 dt = mat3(texture_from_world) * way;
    dt = mix(dt, vec3(1e-9), lessThan(abs(dt), vec3(1e-9)));
    vec2 s = span(eye.xyz, way, t0, dt, end);
    if (s.y <= s.x) discard;

    vec3 blocks = vec3(textureSize(image, 0)) / BLOCK;
    vec3 per_m = dt * blocks;
    vec3 light = vec3(0.0);
    float through = 1.0;
    bool within = false;
    float x = s.x + jitter() * step_m;
    for (int i = 0; i < 4096 && x < s.y; ++i) {
        vec3 t = t0 + x * dt;
        vec3 b = t * blocks;
        vec3 cell = floor(b);
        if (texelFetch(occupied, ivec3(cell), 0).r < 0.5) {
            // to the block's far side, in whole steps so that the samples stay where they were
            vec3 far = (cell + step(0.0, per_m) - b) / per_m;
            float gap = min(far.x, min(far.y, far.z));
            within = false;
            x += max(ceil(gap / step_m), 1.0) * step_m;
            continue;
        }
        float share = texture(image, t).r;
        vec4 sample_ = transferred(share);
#if !SOFTWARE
        // where something begins, half the step again and again until its border is met
        if (sample_.a > 0.0 && !within && x > s.x + step_m) {
            float back = step_m;
            float here = x;
            for (int k = 0; k < 4; ++k) {
                back *= 0.5;
                float tried = here - back;
                if (transferred(texture(image, t0 + tried * dt).r).a > 0.0) here = tried;
            }
            x = here;
            t = t0 + x * dt;
            share = texture(image, t).r;
            sample_ = transferred(share);
        }
        within = sample_.a > 0.0;
#endif
        float extinction = sample_.a * density * 1e3;  // per m
        if (extinction > 0.0) {
            vec3 slope = slope_at(t, share);
            float steep = length(slope);
            if (boundary > 0.0) extinction *= clamp(steep / boundary, 0.05, 1.0);
            float a = 1.0 - exp(-extinction * step_m);
            vec3 p = eye.xyz + x * way;
            vec3 base = sample_.rgb;
            for (int k = 0; k < spots; ++k) {
                if (distance(p, spot[k].xyz) < spot[k].w) base = mix(base, spot_color[k].rgb, spot_color[k].a);
            }
            vec3 n = -slope / max(steep, 1e-6);
            if (dot(n, way) > 0.0) n = -n;
            vec3 shaded = lit_from_eye(base, n, -way, 0.05);
            // where the image ends or is cut there is a face, not a boundary of tissue
            float inner = clamp(0.5 * (x - s.x) / step_m - 1.0, 0.0, 1.0);
            light += through * a * mix(0.6 * base, shaded, inner * clamp(steep / 6.0, 0.0, 1.0));
            through *= 1.0 - a;
            if (through < END) break;
        }
        x += step_m;
    }
    // what little is left after the early end counts as nothing
    float a = through < END ? 1.0 : 1.0 - through;
    color = vec4(light, a);
}
