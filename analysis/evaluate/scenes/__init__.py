"""Videos with known truth: photos of real faces that move, turn, cross, hide, leave and return before real pictures.

    script.py   who does what when, from a seed
    cast.py     the individuals, cut out of photos of the data folder
    render.py   pictures, an H.264 file, and the truth about every face in every frame

The faces are flat: a turned head here is a photo seen at an angle. Everything else (light, blur, compression, faces
before one another, different photos of one person after a cut) is as the camera would have it.
"""
