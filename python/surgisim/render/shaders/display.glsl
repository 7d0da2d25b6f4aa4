// From linear light to what the target stores.

// sRGB transfer function, IEC 61966-2-1. The one place where colours are encoded: targets store
// what is written here, and GL_FRAMEBUFFER_SRGB stays off.
vec3 encode(vec3 linear) {
    vec3 c = clamp(linear, 0.0, 1.0);
    vec3 high = 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055;
    return mix(high, 12.92 * c, lessThanEqual(c, vec3(0.0031308)));
}

// Tone curve of Narkowicz (2016), "ACES filmic tone mapping curve", then the sRGB encoding.
vec3 finish(vec3 radiance) {
    vec2 rim = (gl_FragCoord.xy - viewport.xy) / viewport.zw * 2.0 - 1.0;
    vec3 x = radiance * (1.0 - ambient.w * smoothstep(0.1, 1.9, dot(rim, rim)));
    x = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14);
#if SOFTWARE
    // encode() to within two steps of 8 bits, from square roots alone
    vec3 s1 = sqrt(clamp(x, 0.0, 1.0));
    vec3 s2 = sqrt(s1);
    return 0.662002687 * s1 + 0.684122060 * s2 - 0.323583601 * sqrt(s2) - 0.0225411470 * x;
#else
    return encode(x);
#endif
}

