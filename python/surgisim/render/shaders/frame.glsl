// What all shaders of one view share; renderer.py fills it (FRAME_DTYPE, std140).
layout(std140) uniform Frame {
    mat4 clip_from_world;
    vec4 eye;                // xyz: place of the eye, m
    vec4 light_position[2];  // xyz: m; w: strength * reach^2, m^2
    vec4 light_color[2];     // linear RGB; w: reach^2, m^2
    vec4 ball;               // instrument's tip, m; w: radius, m (0: none)
    vec4 shaft;              // shaft's far end, m; w: radius, m
    vec4 viewport;           // x, y, width, height, px
    vec4 ambient;            // linear RGB of the body around; w: darkening at the rim
};
