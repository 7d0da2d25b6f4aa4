"""The files that docs/anatomy.md leaves to the reader: a CT and its labels, small."""

import nibabel
import numpy as np

x, y, z = np.mgrid[0:32, 0:32, 0:40]
labels = np.where((x - 16) ** 2 + (y - 16) ** 2 + (z - 13) ** 2 < 121, 5, 0)
labels[(x - 16) ** 2 + (y - 16) ** 2 + (z - 31) ** 2 < 36] = 4
affine = np.diag([4.0, 4.0, 4.0, 1.0])
nibabel.save(nibabel.Nifti1Image(labels.astype(np.int16), affine), "labels.nii.gz")
ct = np.where(labels > 0, 60, -100).astype(np.int16)
nibabel.save(nibabel.Nifti1Image(ct, affine), "ct.nii.gz")
