in vec3 in_position;
in vec3 in_normal;
in vec4 in_color;  // linear RGB, openness

out vec3 position;
out vec3 normal;
out vec4 paint;
out vec3 lit;  // light that falls on the vertex, for the software tier

void main() {
    position = in_position;
    normal = in_normal;
    paint = in_color;
    lit = vec3(0.0);
#if SOFTWARE
    lit = ambient.rgb;
    for (int i = 0; i < 2; ++i) {
        vec3 to = light_position[i].xyz - position;
        float d2 = dot(to, to);
        lit += light_color[i].rgb * lamp(i, d2) * wrapped(dot(in_normal, to * inversesqrt(d2)), vec3(0.45, 0.25, 0.15));
    }
    lit *= in_color.a;
#endif
    gl_Position = clip_from_world * vec4(in_position, 1.0);
}
