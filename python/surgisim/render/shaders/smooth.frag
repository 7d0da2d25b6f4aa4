// Mean of 4 x 4 occlusions at about the same depth: takes out the turning of the samples.
uniform sampler2D scene_depth;
uniform sampler2D plate;

in vec2 uv;

out vec4 color;

float metres(vec2 place) {
    float stored = texture(scene_depth, place).r;
    return range.x * range.y / (range.y - stored * (range.y - range.x));
}

void main() {
    vec2 texel = 1.0 / vec2(textureSize(scene_depth, 0));
    float z = metres(uv), sum = 0.0, weights = 0.0;
    for (int y = -2; y < 2; ++y) {
        for (int x = -2; x < 2; ++x) {
            vec2 place = uv + (vec2(x, y) + 0.5) * texel;
            float w = max(1.0 - abs(metres(place) - z) / 0.008, 0.001);
            sum += w * texture(plate, place).r;
            weights += w;
        }
    }
    color = vec4(sum / weights, 0.0, 0.0, 1.0);
}
