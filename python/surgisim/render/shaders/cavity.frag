// The body around the organ: colours and shade come from the vertices, lobules and vessels from here.
uniform sampler3D detail;
uniform sampler3D lobules;

in vec3 position;
in vec3 normal;
in vec4 paint;
in vec3 lit;

out vec4 color;

void main() {
#if SOFTWARE
    vec2 cells = texture(lobules, position * 13.0).rg;
    float fat = smoothstep(0.33, 0.44, paint.g / paint.r);
    float dome = sqrt(cells.r) - 0.75;
    vec3 sum = paint.rgb * lit * (0.98 + mix(-0.30 * cells.g, 0.34 * dome, fat));
    sum = mix(sum, sum.rrr * vec3(1.0, 0.66, 0.30), 0.35 * fat);  // pale, as fat under a bright lamp
#else
    vec4 noise = texture(detail, position * 17.0);
    // fat lies in lobules with fine vessels between them; the rest is smooth
    float fat = smoothstep(0.33, 0.44, paint.g / paint.r);
    vec2 cells = texture(lobules, position * 13.0 + 0.07 * (noise.rgb - 0.5)).rg;
    float dome = sqrt(clamp(cells.r, 0.0, 1.0));
    vec3 base = paint.rgb * mix(0.75 + 0.5 * noise.a, 0.62 + 0.48 * dome, fat);
    base = mix(base, vec3(0.20, 0.022, 0.016), 0.6 * texture(lobules, position * 9.0).g * (1.0 - 0.7 * fat));
    vec3 n0 = normalize(normal);
    vec3 wave = textureLod(detail, position.yzx * 19.0, 1.5).rgb - 0.5;
    vec3 bump = 0.30 * (noise.rgb - 0.5) * (1.0 - 0.6 * fat);
    vec3 slope = slope_of(0.0016 * fat * dome, position, n0);
    vec3 n = normalize(n0 - (bump - n0 * dot(bump, n0)) - 0.6 * slope);
    vec3 nf = normalize(n - 0.42 * (wave - n0 * dot(wave, n0)));
    float rough = steadied(nf, 0.22 + 0.25 * smoothstep(0.45, 0.7, noise.a));
    vec3 v = normalize(eye.xyz - position);
    float open_ = paint.a * unoccluded();
    vec3 sum = base * ambient.rgb * open_;
    for (int i = 0; i < 2; ++i) {
        vec3 to = light_position[i].xyz - position;
        float d2 = dot(to, to);
        vec3 l = to * inversesqrt(d2);
        float power = lamp(i, d2) * lit_by(i, position, n0) * open_;
        vec3 light = base * wrapped(dot(n, l), mix(vec3(0.45, 0.25, 0.15), vec3(0.5, 0.4, 0.2), fat));
        light += 3.14159265 * fresnel(dot(v, normalize(l + v))) * (glint(nf, l, v, rough) + 0.3 * glint(n, l, v, 0.45));
        sum += light_color[i].rgb * power * light;
    }
#endif
    color = vec4(finish(sum), 1.0);
}
