FROM scratch
ADD base.tar /
USER 10001:10001
EXPOSE 8443
# Un arrêt qui laisse finir les requêtes en cours.
STOPSIGNAL SIGUSR1
ENTRYPOINT ["/usr/sbin/haproxy"]
CMD ["-W", "-db", "-f", "/etc/haproxy/haproxy.cfg"]
