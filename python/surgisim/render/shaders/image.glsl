// Grey of an image.
uniform sampler3D image;
uniform mat4 texture_from_world;
uniform vec2 image_range;  // values of 0 and 1 in the texture
uniform vec2 grey_range;   // values of black and of white
uniform bool has_image;

vec3 place_in_image(vec3 p) {
    return (texture_from_world * vec4(p, 1.0)).xyz;
}

bool outside_image(vec3 t) {
    return any(lessThan(t, vec3(0.0))) || any(greaterThan(t, vec3(1.0)));
}

float value_at(vec3 t) {
    return mix(image_range.x, image_range.y, texture(image, t).r);
}

// The display code of a value, 0 to 1: windows are laid over codes, as on any viewing station.
float grey_of(float value) {
    return clamp((value - grey_range.x) / (grey_range.y - grey_range.x), 0.0, 1.0);
}
