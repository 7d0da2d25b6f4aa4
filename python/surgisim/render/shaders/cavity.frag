// The body around the organ, out of focus: colours and shade come from the vertices.
uniform sampler3D detail;
uniform sampler3D lobules;

in vec3 position;
in vec3 normal;
in vec4 paint;
in vec3 lit;

out vec4 color;

void main() {
    vec4 noise = texture(detail, position * 17.0);
#if SOFTWARE
    vec3 sum = paint.rgb * lit * (1.0 + 0.45 * (noise.a - 0.5) + 0.30 * (noise.g - 0.5));
#else
    vec3 base = paint.rgb * (0.75 + 0.5 * noise.a);
    base = mix(base, vec3(0.20, 0.020, 0.015), 0.55 * texture(lobules, position * 9.0).g);
    vec3 bump = noise.rgb - 0.5;
    vec3 n = normalize(normal);
    n = normalize(n - 0.25 * (bump - n * dot(bump, n)));
    vec3 v = normalize(eye.xyz - position);
    vec3 sum = base * ambient.rgb * paint.a;
    for (int i = 0; i < 2; ++i) {
        vec3 to = light_position[i].xyz - position;
        float d2 = dot(to, to);
        vec3 l = to * inversesqrt(d2);
        float power = lamp(i, d2) * unshadowed(position, light_position[i].xyz) * paint.a;
        sum += light_color[i].rgb * power * base * wrapped(dot(n, l), vec3(0.45, 0.25, 0.15));
        sum += light_color[i].rgb * power * 0.020 * glint(n, l, v, 0.36);
    }
#endif
    color = vec4(finish(sum), 1.0);
}
