uniform vec4 sucked[8];  // rest, m; w: radius, m: where blood was taken away
uniform int sucked_count;

in vec3 in_position;
in vec3 in_normal;
in float in_openness;
in float in_blood;
in vec4 in_rest;  // place at rest, m; w: thickness of the organ there, m

out vec3 position;
out vec3 normal;
out vec2 coat;  // openness, blood
out vec4 rest;

invariant gl_Position;

void main() {
    position = in_position;
    normal = in_normal;
    coat = vec2(in_openness, in_blood);
    for (int i = 0; i < sucked_count; ++i) {
        float gap = distance(in_rest.xyz, sucked[i].xyz) / sucked[i].w;
        coat.y *= mix(0.22, 1.0, smoothstep(0.45, 1.2, gap));
    }
    rest = in_rest;
    gl_Position = clip_from_world * vec4(in_position, 1.0);
}
