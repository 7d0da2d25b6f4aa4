uniform mat4 world_from_model;
uniform mat3 world_normal;

in vec3 in_position;
in vec3 in_normal;

out vec3 position;
out vec3 normal;

void main() {
    position = (world_from_model * vec4(in_position, 1.0)).xyz;
    normal = world_normal * in_normal;
    gl_Position = clip_from_world * vec4(position, 1.0);
}
