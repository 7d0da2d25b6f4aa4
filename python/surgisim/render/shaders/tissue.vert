in vec3 in_position;
in vec3 in_normal;
in float in_openness;
in float in_blood;
in vec3 in_rest;

out vec3 position;
out vec3 normal;
out vec2 coat;  // openness, blood
out vec3 rest;

invariant gl_Position;

void main() {
    position = in_position;
    normal = in_normal;
    coat = vec2(in_openness, in_blood);
    rest = in_rest;
    gl_Position = clip_from_world * vec4(in_position, 1.0);
}
