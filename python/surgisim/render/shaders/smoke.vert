// A square that faces the eye, through the middle of a puff.
uniform vec4 puff;  // world, m; w: radius, m
uniform vec3 right;
uniform vec3 up;

out vec3 position;

void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    // seen from near by, the outline of a ball lies outside its middle's circle
    position = puff.xyz + 1.3 * puff.w * (corner.x * right + corner.y * up);
    gl_Position = clip_from_world * vec4(position, 1.0);
}
