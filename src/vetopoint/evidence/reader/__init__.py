"""From a document to claims: parse, attributions, quotations, chains, people, edges, links between claims."""
