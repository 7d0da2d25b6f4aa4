// Depth alone: for shadows, for occlusion, and for what is soft where it meets a surface.
uniform mat4 clip_from_model;

in vec3 in_position;

void main() { gl_Position = clip_from_model * vec4(in_position, 1.0); }
