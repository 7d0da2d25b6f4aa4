// Slopes of the surface as this pixel sees them.

#if !SOFTWARE
// Roughness raised by how much the normal changes within the pixel, so that glints do not flicker
// (Tokuyoshi and Kaplanyan 2019, "Improved geometric specular antialiasing").
float steadied(vec3 n, float roughness) {
    vec3 dx = dFdx(n), dy = dFdy(n);
    float kernel = min(0.5 * (dot(dx, dx) + dot(dy, dy)), 0.18);
    float a = roughness * roughness;
    return sqrt(sqrt(a * a + kernel));
}

// Slope of a height h (m) over the surface, as its gradient along it (Mikkelsen 2010, "Bump mapping
// unparametrized surfaces on the GPU"), 0.45 at most: steps within a pixel are no walls.
vec3 slope_of(float h, vec3 p, vec3 n) {
    vec3 px = dFdx(p), py = dFdy(p);
    vec3 across = cross(py, n), upward = cross(n, px);
    float area = dot(px, across);
    vec3 slope = (across * dFdx(h) + upward * dFdy(h)) / (abs(area) < 1e-14 ? 1e-14 : area);
    return slope * min(1.0, 0.45 * inversesqrt(dot(slope, slope) + 1e-12));
}
#endif

