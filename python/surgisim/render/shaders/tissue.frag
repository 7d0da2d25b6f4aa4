// Wet organ surface: colour and relief are functions of the rest position, so they stick.
uniform sampler3D detail;   // rgb: slope of fractal noise, a: its value
uniform sampler3D lobules;  // r: distance to cell borders, g: vessels
uniform vec3 deep;          // linear RGB of tissue in its dark and its pale patches
uniform vec3 pale;
uniform vec3 wrap;          // see wrapped()
uniform vec4 surface;       // roughness, relief, strength of lobules, strength of vessels
uniform vec3 sheen;         // colour of the capsule's grazing sheen

in vec3 position;
in vec3 normal;
in vec2 coat;
in vec3 rest;

out vec4 color;

void main() {
    vec4 broad = texture(detail, rest * 13.0);
#if SOFTWARE
    vec4 fine = texture(detail, rest * 83.0);
#else
    vec4 fine = 0.5 * (texture(detail, rest * 83.0) + texture(detail, rest.zxy * 171.0));
#endif

    float ragged = coat.y + (broad.a - 0.5) * 0.35 + (fine.a - 0.5) * 0.22;
    float film = smoothstep(0.30, 0.42, ragged) * step(0.01, coat.y);
    float thick = smoothstep(0.34, 0.95, ragged);

    // fluid fills the relief
    vec3 bump = (broad.rgb - 0.5) * 0.55 + (fine.rgb - 0.5) * (1.0 - 0.85 * film);
    vec3 n0 = normalize(normal);
    vec3 n = normalize(n0 - surface.y * (bump - n0 * dot(bump, n0)));
    vec3 v = normalize(eye.xyz - position);

    float patch_ = clamp(0.5 + 1.5 * (broad.a - 0.5) + 0.5 * (fine.a - 0.5), 0.0, 1.0);
    vec3 base = mix(deep, pale, patch_);
#if !SOFTWARE
    base *= 1.0 + surface.z * (texture(lobules, rest * 78.0).r - 0.5);
#endif
    if (surface.w > 0.0) {
        base = mix(base, vec3(0.21, 0.018, 0.018), surface.w * texture(lobules, rest * 21.0).g);
    }
    vec3 blood = mix(vec3(0.105, 0.0035, 0.003), vec3(0.036, 0.001, 0.0012), thick);
    base = mix(base, blood, film * (0.62 + 0.38 * smoothstep(0.0, 0.6, thick)));
    float roughness = mix(surface.x + 0.10 * (fine.a - 0.5), 0.13, film);

    float open_ = clamp(coat.x, 0.0, 1.0) * near_ball(position);
    vec3 sum = base * ambient.rgb * open_;
    for (int i = 0; i < 2; ++i) {
        vec3 to = light_position[i].xyz - position;
        float d2 = dot(to, to);
        vec3 l = to * inversesqrt(d2);
        vec3 power = light_color[i].rgb * (lamp(i, d2) * open_);
        vec3 diffuse = base * wrapped(dot(n, l), wrap * (1.0 - 0.7 * film));
        float mirror = 0.040 + 0.010 * film;
#if SOFTWARE
        // the scope's own light hides its shadows; the second one is too dim to glint
        if (i == 0) diffuse += mirror * glint(n, l, v, roughness);
        else power *= unshadowed(position, light_position[i].xyz);
#else
        power *= unshadowed(position, light_position[i].xyz);
        diffuse += mirror * (0.8 * glint(n, l, v, roughness) + 0.7 * glint(n, l, v, 2.0 * roughness));
#endif
        sum += power * diffuse;
    }
    // the body around mirrors in the moist capsule, most at grazing angles
    float edge = fresnel(dot(n, v));
    vec3 around = ambient.rgb * mix(vec3(0.5, 0.30, 0.25), vec3(2.2, 1.9, 1.8), 0.5 + 0.5 * reflect(-v, n).y);
    sum += edge * around * open_;
    float graze = 1.0 - max(dot(n0, v), 0.0);
    sum += sheen * graze * graze * graze * open_ * lamp(0, dot(eye.xyz - position, eye.xyz - position));
    color = vec4(finish(sum), 1.0);
}
