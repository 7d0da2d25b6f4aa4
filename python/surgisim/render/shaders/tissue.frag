// Wet organ surface: colour and relief are functions of the rest position, so they stick.
//
// Two layers: tissue that scatters, and a film of fluid that mirrors. The film has a relief of its
// own, broad and smooth, which breaks a lamp's image into glints with round outlines; the tissue's
// finer one shows in its shading alone.
uniform sampler3D detail;   // rgb: slope of fractal noise, a: its value
uniform sampler3D lobules;  // r: distance to cell borders, g: vessels
uniform vec3 deep;          // linear RGB of tissue in its dark and its pale patches
uniform vec3 pale;
uniform vec3 wrap;          // see wrapped()
uniform vec4 surface;       // roughness of the film, relief, strength of lobules, of vessels
uniform vec3 sheen;         // colour of the capsule's grazing sheen

in vec3 position;
in vec3 normal;
in vec2 coat;
in vec4 rest;

out vec4 color;

// Light that a film of blood leaves over and adds, by Beer and Lambert: tissue under a film of
// thickness t shows exp(-k t) of itself, blood the rest. Haemoglobin takes green and blue first.
vec3 bloody(vec3 base, float t) {
    vec3 through = exp(-t * vec3(0.9, 4.0, 4.6));
    vec3 blood = mix(vec3(0.085, 0.0034, 0.0028), vec3(0.027, 0.0009, 0.0009), smoothstep(0.05, 1.5, t));
    return base * through + blood * (1.0 - through);
}

void main() {
    vec3 r = rest.xyz;
    vec4 broad = texture(detail, r * 13.0);
#if SOFTWARE
    vec4 fine = texture(detail, r * 57.0);
    vec4 wave = fine;
#else
    vec4 fine = 0.5 * (texture(detail, r * 83.0) + texture(detail, r.zxy * 171.0));
    vec4 wave = 0.5 * textureLod(detail, r.yzx * 34.0, 2.0) + 0.5 * textureLod(detail, r * 79.0, 2.0);
#endif

    float ragged = coat.y + (broad.a - 0.5) * 0.40 + (wave.a - 0.5) * 0.12;
    float film = smoothstep(0.28, 0.40, ragged) * step(0.01, coat.y);
    float swell = clamp((ragged - 0.28) / 0.72, 0.0, 1.0);
    float thick = film * (0.16 + (2.8 + 0.8 * (broad.a - 0.5)) * swell * sqrt(swell));

    vec3 n0 = normalize(normal);
    vec3 v = normalize(eye.xyz - position);
    // fluid fills the relief
    vec3 bump = (broad.rgb - 0.5) * 0.45 + (fine.rgb - 0.5) * (1.0 - 0.9 * film);
#if SOFTWARE
    float facing = max(dot(n0, v), 0.0);
    bump *= facing * facing;  // foreshortened relief is finer than a pixel: it would glint as dashes
#endif
    vec3 n = normalize(n0 - surface.y * (bump - n0 * dot(bump, n0)));

    float patch_ = clamp(0.5 + 1.3 * (broad.a - 0.5) + 0.35 * (fine.a - 0.5), 0.0, 1.0);
    vec3 base = mix(deep, pale, patch_);
#if !SOFTWARE
    base *= 1.0 + surface.z * (texture(lobules, r * 78.0).r - 0.6);
#endif
    if (surface.w > 0.0) {
        base = mix(base, vec3(0.21, 0.018, 0.018), surface.w * texture(lobules, r * 21.0).g);
    }
    if (film > 0.0) base = bloody(base, thick);

#if SOFTWARE
    vec3 nf = n;
    float roughness = mix(surface.x + 0.10 * (fine.a - 0.5), 0.14, film);
    float open_ = clamp(coat.x, 0.0, 1.0) * near_ball(position);
#else
    vec3 ripple = (wave.rgb - 0.5) * (1.0 - 0.6 * film);
    vec3 nf = 2.1 * surface.y * (ripple - n0 * dot(ripple, n0));
    nf = normalize(n0 - nf - 0.6 * slope_of(0.0006 * film, position, n0));  // blood has a round rim
    // drier between the waves
    float roughness = mix(surface.x * (0.5 + 0.6 * smoothstep(0.5, 0.75, broad.a)), 0.11, film);
    roughness = steadied(nf, roughness);
    float open_ = clamp(0.35 + 0.65 * coat.x, 0.0, 1.0) * unoccluded();
#endif

    float nv = max(dot(nf, v), 0.0);
    float into = 1.0 - fresnel(nv);  // what the film mirrors does not reach the tissue
    vec3 sum = base * ambient.rgb * open_ * into;
#if SOFTWARE
    vec3 thin = vec3(0.0);
#else
    vec3 thin = through_margin(rest.w, base) * (1.0 - film);
#endif
    for (int i = 0; i < 2; ++i) {
        vec3 to = light_position[i].xyz - position;
        float d2 = dot(to, to);
        vec3 l = to * inversesqrt(d2);
        vec3 power = light_color[i].rgb * (lamp(i, d2) * open_);
        vec3 diffuse = base * into * wrapped(dot(n, l), wrap * (1.0 - 0.7 * film));
#if SOFTWARE
        // the scope's own light hides its shadows; the second one is too dim to glint
        if (i == 0) diffuse += 0.075 * glint(nf, l, v, roughness);
        else power *= unshadowed(position, light_position[i].xyz);
#else
        power *= lit_by(i, position, n0);
        float mirror = 3.14159265 * fresnel(dot(v, normalize(l + v)));
        float wide = 0.001 * inversesqrt(d2);  // half the lamp's radius as it is seen from here
        diffuse += mirror * (glint(nf, l, v, sqrt(roughness * roughness + wide)) + 0.30 * glint(n, l, v, 0.40));
        diffuse += thin * max(0.25 - dot(n0, l), 0.0);
#endif
        sum += power * diffuse;
    }
    // the body around mirrors in the moist capsule, most at grazing angles
    vec3 around = ambient.rgb * mix(vec3(0.5, 0.30, 0.25), vec3(2.2, 1.9, 1.8), 0.5 + 0.5 * reflect(-v, nf).y);
    sum += (1.0 - into) * around * open_;
    float graze = 1.0 - max(dot(n0, v), 0.0);
    sum += (sheen + thin * 0.8) * graze * graze * graze * open_ * lamp(0, dot(eye.xyz - position, eye.xyz - position));
    color = vec4(finish(sum), 1.0);
}
