// What all shaders of one view share; renderer.py fills it (FRAME_DTYPE, std140).
layout(std140) uniform Frame {
    mat4 clip_from_world;
    mat4 lamp_from_world;    // clip space of the lamp whose shadows are mapped
    vec4 eye;                // xyz: place of the eye, m
    vec4 light_position[2];  // xyz: m; w: strength * reach^2, m^2
    vec4 light_color[2];     // linear RGB; w: reach^2, m^2
    vec4 ball;               // instrument's tip, m; w: radius, m (0: none)
    vec4 shaft;              // shaft's far end, m; w: radius, m
    vec4 viewport;           // x, y, width, height, px
    vec4 ambient;            // linear RGB of the body around; w: darkening at the rim
    vec4 shadow;             // x: which lamp is mapped (-1: none); y: tangent of its half angle; zw: near, far, m
    vec4 frustum;            // tangents of the view's left, right, lower and upper angle
    vec4 range;              // near, far, m
};
