// A burnt spot, drawn over the tissue's own triangles and bound to the rest position.
uniform sampler3D detail;
uniform sampler3D lobules;
uniform vec4 center;  // rest, m; w: radius, m
uniform float depth;  // 0 blanched, 1 charred
uniform int layer;    // all pale spots, then all brown, then all black: neighbours join

in vec3 position;
in vec3 normal;
in vec2 coat;
in vec4 rest;

out vec4 color;

void main() {
    vec4 broad = texture(detail, rest.xyz * 47.0);
    vec4 fine = texture(detail, rest.xyz * 190.0);
    float d = distance(rest.xyz, center.xyz) / center.w;
    d += 0.55 * (broad.a - 0.5) + 0.30 * (fine.a - 0.5);
    // from the rim inward: pale and dry, brown, black; the deeper burnt, the farther out each lies
    float black = smoothstep(0.0, -0.20, d - 0.80 * max(1.7 * depth - 0.7, -0.3));
    float brown = smoothstep(0.0, -0.30, d - 0.95 * min(1.9 * depth, 1.0));
    float alpha = layer == 0 ? 0.75 * smoothstep(1.0, 0.66, d) : 0.97 * (layer == 1 ? brown : black);
    if (alpha <= 0.0) discard;
    vec3 paint = mix(vec3(0.165, 0.078, 0.047), vec3(0.230, 0.130, 0.082), fine.a);
    if (layer == 1) paint = vec3(0.055, 0.020, 0.008) * (0.6 + 0.8 * fine.a);
    if (layer == 2) paint = vec3(0.0060, 0.0048, 0.0044);
    // a crust cracks, and brown shows through
    float cells = texture(lobules, rest.xyz * 71.0 + 0.5 * (fine.rgb - 0.5)).r;
    float crack = 1.0 - smoothstep(0.02, 0.16, cells + 0.5 * (broad.a - 0.35));
    paint = mix(paint, vec3(0.034, 0.013, 0.007), layer == 2 ? 0.6 * crack : 0.0);
    vec3 n0 = normalize(normal);
    vec3 bump = (fine.rgb - 0.5) * (layer == 2 ? 1.05 : 0.35) + (broad.rgb - 0.5) * 0.3;
    vec3 n = normalize(n0 - 0.8 * (bump - n0 * dot(bump, n0)));
#if !SOFTWARE
    n = normalize(n - 0.8 * slope_of(0.0004 * smoothstep(1.0, 0.55, d), position, n0));
#endif
    vec3 v = normalize(eye.xyz - position);
    float open_ = clamp(0.4 + 0.6 * coat.x, 0.0, 1.0) * unoccluded();
    vec3 sum = paint * ambient.rgb * open_;
    for (int i = 0; i < 2; ++i) {
        vec3 to = light_position[i].xyz - position;
        float d2 = dot(to, to);
        vec3 l = to * inversesqrt(d2);
        float power = lamp(i, d2) * lit_by(i, position, n0) * open_;
        sum += light_color[i].rgb * power * (paint * max(dot(n, l), 0.0) + 0.03 * glint(n, l, v, 0.62));
    }
    color = vec4(finish(sum), alpha);
}
