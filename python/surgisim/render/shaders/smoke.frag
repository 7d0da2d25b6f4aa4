// Smoke in a ball: a ray of sight gathers density on its way through, up to the first surface.
//
// Density falls as 1 - (r / R)^2, so that a ray at distance b from the middle gathers, between s1
// and s2 from its nearest point, the integral of 1 - (b^2 + s^2) / R^2. Light behind it is dimmed by
// exp(-density), smoke itself scatters the lamps' light to all sides.
uniform sampler3D detail;
uniform sampler2D scene_depth;
uniform vec4 puff;
uniform vec3 forward;   // the view's axis
uniform float density;  // optical depth through the middle

in vec3 position;

out vec4 color;

float gathered(float s, float b2, float r2) { return s - (b2 * s + s * s * s / 3.0) / r2; }

void main() {
    vec3 ray = normalize(position - eye.xyz);
    float middle = dot(puff.xyz - eye.xyz, ray);
    vec3 nearest = eye.xyz + ray * middle - puff.xyz;
    float b2 = dot(nearest, nearest), r2 = puff.w * puff.w;
    if (b2 >= r2) discard;
    float half_ = sqrt(r2 - b2);
    float from = max(-half_, -middle), to = half_;
#if SOFTWARE
    float depth = gathered(to, b2, r2) - gathered(from, b2, r2);
#else
    // the picture of depths is a half-size one: the mean of four has no steps
    vec2 texel = 0.5 / vec2(textureSize(scene_depth, 0));
    float depth = 0.0, ahead = to;
    for (int k = 0; k < 4; ++k) {
        vec2 corner = vec2(k & 1, k >> 1) * 2.0 - 1.0;
        float stored = texture(scene_depth, on_screen() + corner * texel).r;
        float z = range.x * range.y / (range.y - stored * (range.y - range.x));
        to = clamp(z / dot(ray, forward) - middle, from, ahead);
        depth += 0.25 * (gathered(to, b2, r2) - gathered(from, b2, r2));
    }
#endif
    depth *= density * 0.75 / puff.w;
    // wisps: a place in the puff, drawn out upwards
    vec3 place = (nearest + puff.xyz) * vec3(1.0, 0.7, 1.0) / puff.w;
    float wisp = texture(detail, place * 0.23).a * 0.75 + texture(detail, place * 0.71).a * 0.45 - 0.1;
    depth *= smoothstep(0.30, 0.72, wisp) * 1.7;
    vec3 light = ambient.rgb;
    for (int i = 0; i < 2; ++i) {
        vec3 way = light_position[i].xyz - (eye.xyz + ray * (middle + 0.5 * (from + to)));
        light += light_color[i].rgb * lamp(i, dot(way, way)) * 0.42;
    }
    color = vec4(finish(light * vec3(0.62, 0.63, 0.66)), 1.0 - exp(-depth));
}
