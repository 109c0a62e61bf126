use std::collections::BTreeMap;

pub fn count(words: &str) -> BTreeMap<String, usize> {
    let mut map = BTreeMap::new();
    for word in words.split_whitespace() {
        *map.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    map
}
