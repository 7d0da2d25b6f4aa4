// Brushed steel that mirrors the body around it.
uniform mat4 world_from_model;
uniform float dim;
uniform float brushed;  // 1 on the shaft, 0 on the ball

in vec3 position;
in vec3 normal;
in float along;

out vec4 color;

void main() {
    vec3 n = normalize(normal);
    vec3 v = normalize(eye.xyz - position);
    vec3 r = reflect(-v, n);
    vec3 steel = vec3(0.78, 0.77, 0.75);
    float groove = brushed * (0.5 + 0.5 * sin(along * 2500.0)) * 0.03;
    // tissue below and around, a bright line along the shaft where it faces the scope
    vec3 around = mix(vec3(0.035, 0.010, 0.007), vec3(0.20, 0.17, 0.155), smoothstep(-0.5, 0.9, r.y));
    vec3 axis = world_from_model[2].xyz * brushed;
    float facing = dot(n, normalize(v - axis * dot(axis, v)));
    around += vec3(0.16) * smoothstep(0.2, 0.9, facing) + vec3(0.25 + 0.45 * brushed) * smoothstep(0.90, 1.0, facing);
    around *= 1.0 - groove * 3.0;
    vec3 sum = mix(steel, vec3(1.0), fresnel(dot(n, v))) * around;
    for (int i = 0; i < 2; ++i) {
        vec3 to = light_position[i].xyz - position;
        float d2 = dot(to, to);
        vec3 l = to * inversesqrt(d2);
        float lit = lamp(i, d2);
        sum += light_color[i].rgb * lit * steel * (0.05 * max(dot(n, l), 0.0) + 0.30 * glint(n, l, v, 0.32 + groove));
    }
    sum = mix(sum, vec3(0.25, 0.27, 0.30), dim);
    color = vec4(finish(sum), 1.0);
}
