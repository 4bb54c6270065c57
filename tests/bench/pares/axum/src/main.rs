//! The same durable job as pgbench's: a JSON body, BEGIN, two INSERTs, COMMIT, an answer; one transaction a request.
use axum::{extract::State, http::StatusCode, routing::post, Json, Router};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Persona {
    nombre: String,
    email: String,
}
#[derive(Serialize)]
struct Creada {
    id: i64,
}

type Falla = (StatusCode, String);
fn falla(e: impl std::fmt::Display) -> Falla {
    (StatusCode::INTERNAL_SERVER_ERROR, e.to_string())
}

async fn registrar(State(pool): State<Pool>, Json(p): Json<Persona>) -> Result<(StatusCode, Json<Creada>), Falla> {
    if p.nombre.len() < 2 || !p.email.contains('@') {
        return Err((StatusCode::BAD_REQUEST, "nombre, email".into()));
    }
    let mut db = pool.get().await.map_err(falla)?;
    let tx = db.transaction().await.map_err(falla)?;
    let fila = tx
        .prepare_cached("insert into banco.filas (nombre, email, en) values ($1, $2, now()) returning id")
        .await
        .map_err(falla)?;
    let id: i64 = tx.query_one(&fila, &[&p.nombre, &p.email]).await.map_err(falla)?.get(0);
    let salida = tx
        .prepare_cached("insert into banco.salida (topic, mensaje) values ('eventos.cliente', $1::text::json)")
        .await
        .map_err(falla)?;
    let mensaje = serde_json::json!({ "type": "ClienteRegistrado.v1", "data": { "nombre": p.nombre } }).to_string();
    tx.execute(&salida, &[&mensaje]).await.map_err(falla)?;
    tx.commit().await.map_err(falla)?;
    Ok((StatusCode::CREATED, Json(Creada { id })))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config: tokio_postgres::Config = std::env::var("DATABASE_URL")?.parse()?;
    let how = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config, tokio_postgres::NoTls, how);
    let pool = Pool::builder(manager).max_size(16).build()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", std::env::var("PORT")?.parse()?)).await?;
    axum::serve(listener, Router::new().route("/", post(registrar)).with_state(pool)).await?;
    Ok(())
}
