// The one script of the site (one, because the home page has eight requests to spend). Every page is complete
// without it: it says in words what the page says in absolute times, and makes the map move.

// Time in words

// The map
