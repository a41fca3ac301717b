// The tablet's page starts here.
