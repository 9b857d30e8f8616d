FROM scratch
ADD base.tar /
COPY --chmod=755 postgresql-start /usr/bin/postgresql-start
ENV PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin PGDATA=/var/lib/service/data
USER 10001:10001
EXPOSE 5432
# Un arrêt « rapide » : les clients sont déconnectés, ce qui est écrit le reste.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=10s CMD ["pg_isready", "--host=127.0.0.1"]
ENTRYPOINT ["postgresql-start"]
