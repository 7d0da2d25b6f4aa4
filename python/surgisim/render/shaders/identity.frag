// Which part is seen, and where.
uniform float number;

in vec3 position;
in vec3 normal;

out vec4 color;

void main() {
    if (cut_away(position)) discard;
    color = vec4(number, position);
}
