"""The life page (幸福人生): one answer with where I stand in ten stages, what comes next, and what just happened."""
