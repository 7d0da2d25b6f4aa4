uniform mat4 world_from_model;
uniform vec2 size;  // radius, length along model z; a ball has length 0

in vec3 in_position;
in vec3 in_normal;

out vec3 position;
out vec3 normal;
out float along;

void main() {
    vec3 scaled = in_position * vec3(size.x, size.x, size.y > 0.0 ? size.y : size.x);
    position = (world_from_model * vec4(scaled, 1.0)).xyz;
    normal = mat3(world_from_model) * in_normal;
    along = scaled.z;
    gl_Position = clip_from_world * vec4(position, 1.0);
}
