//! `cargo.exe` and `rustc.exe` under wine, whose programs cannot wait for one of the system outside: it asks the bridge of
//! `cargo xtask windows` to run the real one, and passes on what that prints.

use std::{
    env,
    error::Error,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpStream},
    path::Path,
    process::ExitCode,
};

/// What comes back begins with one of these; the length follows, or the exit code.
const END: u8 = 0;
const STDOUT: u8 = 1;

fn main() -> ExitCode {
    match call() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: no bridge to the real cargo: {error}");
            ExitCode::from(101)
        }
    }
}

fn call() -> Result<u8, Box<dyn Error>> {
    let port: u16 = env::var("WORKSHOP_BRIDGE_PORT")?.parse()?;
    let mut bridge = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let request = request()?;
    bridge.write_all(&u32::try_from(request.len())?.to_be_bytes())?;
    bridge.write_all(request.as_bytes())?;
    loop {
        let mut head = [0; 5];
        bridge.read_exact(&mut head)?;
        let [kind, number @ ..] = head;
        let number = u32::from_be_bytes(number);
        if kind == END {
            return Ok(u8::try_from(number)?);
        }
        let mut bytes = vec![0; usize::try_from(number)?];
        bridge.read_exact(&mut bytes)?;
        if kind == STDOUT {
            io::stdout().write_all(&bytes)?;
            io::stdout().flush()?;
        } else {
            io::stderr().write_all(&bytes)?;
        }
    }
}

/// The secret, this program's name, the folder, the number of variables, these, and the arguments: separated by NUL.
fn request() -> Result<String, Box<dyn Error>> {
    let this = env::current_exe()?;
    let name = this.file_stem().and_then(|name| name.to_str()).ok_or("a program has a name")?;
    let variables: Vec<String> = env::vars_os()
        .filter_map(|(name, value)| Some(format!("{}={}", name.to_str()?, value.to_str()?)))
        .collect();
    let folder = env::current_dir()?;
    let mut fields = vec![env::var("WORKSHOP_BRIDGE_SECRET")?, name.to_owned(), text(&folder)?];
    fields.push(variables.len().to_string());
    fields.extend(variables);
    for argument in env::args_os().skip(1) {
        fields.push(text(Path::new(&argument))?);
    }
    Ok(fields.join("\0"))
}

fn text(path: &Path) -> Result<String, Box<dyn Error>> {
    Ok(path.to_str().ok_or("a path that is not Unicode")?.to_owned())
}
