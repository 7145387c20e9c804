//! Every bit of a small package, turned one at a time.

use super::support::Package;
use rayon::prelude::*;
use std::fs;

#[test]
fn fault_098_every_flipped_bit_is_detected_and_its_file_is_named() {
    let golden = Package::signed("flips", &[1]);
    assert_eq!(golden.told(), Vec::<String>::new());
    let files: Vec<(String, Vec<u8>)> = golden.files().into_iter().collect();
    assert!(files.len() >= 14, "{files:?}");
    let bits: usize = files.iter().map(|(_, bytes)| bytes.len() * 8).sum();
    let wrong: Vec<String> = files
        .par_iter()
        .enumerate()
        .flat_map_iter(|(number, (name, bytes))| {
            let copy = golden.copy(&format!("flips-{number}"));
            let path = copy.root.join(name);
            let mut changed = bytes.clone();
            let mut wrong = Vec::new();
            for bit in 0..bytes.len() * 8 {
                changed[bit / 8] ^= 1 << (bit % 8);
                fs::write(&path, &changed).unwrap();
                let told = copy.told();
                if !told.iter().any(|line| line.split(' ').next() == Some(name)) {
                    wrong.push(format!("{name} bit {bit}: {told:?}"));
                }
                changed[bit / 8] ^= 1 << (bit % 8);
            }
            fs::write(&path, &changed).unwrap();
            assert_eq!(copy.told(), Vec::<String>::new(), "{name} as it was");
            wrong
        })
        .collect();
    assert_eq!(wrong.len(), 0, "of {bits} bits: {:#?}", wrong.iter().take(10).collect::<Vec<_>>());
}
