// How often the ray behind a cut plane leaves parts more than it enters them: summed by blending,
// this is the number of parts in which the plane lies at this pixel, and the sums of their numbers
// and of their numbers' squares.
uniform float number;

in vec3 position;
in vec3 normal;

out vec4 color;

void main() {
    if (cut_away(position)) discard;
    float way = gl_FrontFacing ? -1.0 : 1.0;
    color = vec4(way, way * number, way * number * number, 0.0);
}
