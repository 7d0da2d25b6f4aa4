in vec3 in_position;

out vec3 position;

void main() {
    position = in_position;
    gl_Position = clip_from_world * vec4(in_position, 1.0);
}
