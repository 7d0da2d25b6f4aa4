// Solid things, the volume over them, glass over both: laid over each other in linear light.
uniform sampler2D solid;  // sRGB codes
uniform sampler2D cloud;  // linear light, multiplied by its opacity
uniform sampler2D glass_layer;
uniform ivec2 origin;

in vec2 corner;

out vec4 color;

void main() {
    vec3 code = texelFetch(solid, ivec2(gl_FragCoord.xy) - origin, 0).rgb;
    vec4 c = texture(cloud, 0.5 * corner + 0.5);
    vec4 g = texelFetch(glass_layer, ivec2(gl_FragCoord.xy) - origin, 0);
    if (c.a <= 0.0 && g.a <= 0.0) {
        color = vec4(code, 1.0);
        return;
    }
    vec3 sum = decode(code) * (1.0 - c.a) + c.rgb;
    sum = sum * (1.0 - g.a) + g.rgb;
    color = vec4(encode(sum), 1.0);
}
