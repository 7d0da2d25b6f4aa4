// Ambient occlusion from the depths of a half-size picture.
//
// Scalable ambient obscurance (McGuire, Mara, Luebke 2012): with v the way to a sampled place and
// n the normal, A = 1 - 2 / (r^6 N) sum max(r^2 - v.v, 0)^3 max((v.n - bias) / (v.v + e), 0) s.
uniform sampler2D scene_depth;

const float RADIUS = 0.013;  // m
const float BIAS = 0.0006;   // m
const float STRENGTH = 0.9;
const int SAMPLES = 14;

in vec2 uv;

out vec4 color;

vec3 at(vec2 place) {
    float stored = texture(scene_depth, place).r;
    float z = range.x * range.y / (range.y - stored * (range.y - range.x));
    return vec3(mix(frustum.x, frustum.y, place.x), mix(frustum.z, frustum.w, place.y), -1.0) * z;
}

// The shorter of two steps: the other one may cross an edge.
vec3 nearer(vec3 a, vec3 b) { return abs(a.z) < abs(b.z) ? a : b; }

void main() {
    vec2 texel = 1.0 / vec2(textureSize(scene_depth, 0));
    vec3 p = at(uv);
    if (-p.z > 0.9 * range.y) { color = vec4(1.0); return; }
    vec3 across = nearer(at(uv + vec2(texel.x, 0.0)) - p, p - at(uv - vec2(texel.x, 0.0)));
    vec3 upward = nearer(at(uv + vec2(0.0, texel.y)) - p, p - at(uv - vec2(0.0, texel.y)));
    vec3 n = normalize(cross(across, upward));
    vec2 reach = RADIUS / (-p.z * vec2(frustum.y - frustum.x, frustum.w - frustum.z));
    float turn = 6.2831853 * dither();
    float sum = 0.0;
    for (int k = 0; k < SAMPLES; ++k) {
        vec3 v = at(uv + reach * on_disc(k, float(SAMPLES), turn)) - p;
        float f = max(RADIUS * RADIUS - dot(v, v), 0.0) / (RADIUS * RADIUS);
        sum += f * f * f * max((dot(v, n) - BIAS) / (dot(v, v) + 1e-7), 0.0);
    }
    float open_ = max(1.0 - STRENGTH * 2.0 * RADIUS * sum / float(SAMPLES), 0.0);
    color = vec4(open_, 0.0, 0.0, 1.0);
}
