// What an endoscope's optics do to a picture; the bending is that of optics.py.
uniform sampler2D plate;
uniform vec4 field;        // half axes in half widths and half heights; z: distortion; w: vignette
uniform float fogging;
uniform vec4 droplets[12]; // x, y, radius in field radii
uniform int droplet_count;

in vec2 uv;

out vec4 color;

vec2 straight(vec2 d) { return d * (1.0 - field.z) / (1.0 - field.z * min(dot(d, d), 0.95 / max(field.z, 1e-4))); }

vec2 on_plate(vec2 d) { return 0.5 + 0.5 * straight(d) * field.xy; }

// A blur from smaller and smaller copies of the picture; five of them hide the copies' steps.
vec3 blurred(vec2 at, float level) {
    if (level <= 0.0) return textureLod(plate, at, 0.0).rgb;
    vec2 step_ = exp2(level) * 0.5 / vec2(textureSize(plate, 0));
    vec3 sum = textureLod(plate, at, level).rgb * 2.0;
    for (int k = 0; k < 4; ++k) sum += textureLod(plate, at + step_ * (vec2(k & 1, k >> 1) * 2.0 - 1.0), level).rgb;
    return sum / 6.0;
}

void main() {
    vec2 place = (2.0 * uv - 1.0) / field.xy;
    float d = length(place);
    if (field.x <= 0.0) { color = textureLod(plate, uv, 0.0); return; }
    // fog is thickest at the rim, where the lens is coldest, and clears in patches
    float patches = 0.5 + 0.5 * sin(3.1 * place.x + 1.7 * sin(2.3 * place.y)) * sin(2.7 * place.y + 0.6);
    float fog = clamp(fogging * (0.75 + 0.35 * d * d + 0.15 * patches), 0.0, 1.0);
    vec2 seen = place;
    float blur = 5.0 * fog, shine = 0.0, dark = 0.0;
    for (int i = 0; i < droplet_count; ++i) {
        vec2 off = place - droplets[i].xy;
        float k = length(off) / droplets[i].z;
        if (k >= 1.0) continue;
        // a drop is a strong little lens out of focus: it squeezes a wide view, upside down
        seen = mix(place - off * (2.2 + 1.4 * k * k), place, smoothstep(0.82, 1.0, k));
        blur = max(blur, 3.2 * (1.0 - smoothstep(0.85, 1.0, k)));
        dark = 0.35 * smoothstep(0.55, 0.95, k) * (1.0 - smoothstep(0.95, 1.0, k));
        shine = 0.10 * smoothstep(0.45, 0.0, length(off / droplets[i].z - vec2(-0.3, 0.35)));
    }
    vec3 sum = blurred(on_plate(seen), blur) * (1.0 - dark) + shine;
    vec3 veil = 0.55 * textureLod(plate, vec2(0.5), 7.0).rgb + vec3(0.20, 0.19, 0.19);
    sum = mix(sum, veil, 0.80 * fog);
    sum *= 1.0 - field.w * smoothstep(0.25, 1.0, d * d);
    float edge = fwidth(d) + 0.004;
    color = vec4(sum * (1.0 - smoothstep(1.0 - edge, 1.0, d)), 1.0);
}
